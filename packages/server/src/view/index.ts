export type {
  CompareAnswer,
  ComparedSide,
  CountsAnswer,
  CurvesAnswer,
  EpisodeAnswer,
  EpisodesAnswer,
  ErrorAnswer,
  GroupMember,
  ProblemAnswer,
  ResultAnswer,
  RevisionAnswer,
  RunAnswer,
  RunLine,
  RunsAnswer,
  ShownByTask,
  ShownFlip,
  ShownMessage,
  ShownText,
  ShownTurn,
  ShowsOfTask,
  TextAnswer,
  TokensAnswer,
  TrialAnswer,
  TrialEvent,
  TriedVerdict,
} from "./api.ts";
export { type Asset, readAssets } from "./assets.ts";
export { createViewHandler, type ViewHandler, type ViewSettings } from "./handler.ts";
export { createRunLibrary, type RunLibrary } from "./run-library.ts";
export { createTrial, type Trial, type TrialSettings } from "./trial.ts";
