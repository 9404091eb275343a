import { RrrError } from "../errors.ts";
import { invalid } from "../verdict.ts";
import type { Host, HostEvent, StartHost } from "./host.ts";
import { type AnswerColumns, fromPlainError, fromPlainVerdict, toPlainError } from "./question.ts";
import type { Request } from "./request.ts";

/** Lives in a row that were of no use: then there is no use in another. */
const MOST_FRUITLESS_LIVES = 6;
/** Where there were answers before, it is more likely that some completions end it. */
const MOST_FRUITLESS_LIVES_AFTER_ANSWERS = 20;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/** Where one host after another works. */
export interface Seat {
  /** Whether it takes this now; if it has no host, one is started. */
  accepts(request: Request): boolean;
  ask(requests: readonly Request[]): void;
  /** Starts a host. @throws RrrError why it could not */
  start(): Promise<void>;
  /** Gives up what is under way. */
  close(): Promise<readonly Request[]>;
}

export interface SeatOwner {
  /** The seat may accept something now. */
  onChange(): void;
  /** A host ended, and these are to be asked again. */
  onUnfinished(requests: readonly Request[]): void;
  /** No host lives long enough to be of use. */
  onHopeless(error: RrrError): void;
}

/** @param what in messages: `the verifier of task "even"` */
export function createSeat(what: string, startHost: StartHost, owner: SeatOwner): Seat {
  let host: Host | undefined;
  let state: "empty" | "starting" | "free" | "busy" | "resting" | "closed" = "empty";
  let inFlight = new Map<number, Request>();
  /** Asked of the present host so far. */
  let asked = 0;
  let fruitless = 0;
  let mostFruitless = MOST_FRUITLESS_LIVES;
  let resting: NodeJS.Timeout | undefined;

  /** Starts a host, and listens to it for as long as it is the one here. */
  function wake(onReady: () => void = () => {}, onFailed: (error: RrrError) => void = () => {}): void {
    state = "starting";
    asked = 0;
    let mine: Host | undefined;
    const listen = (event: HostEvent): void => {
      if (state === "closed" || (mine !== undefined && mine !== host)) return;
      if (event.kind === "answers") take(event);
      else if (event.kind === "ready") {
        state = "free";
        mine?.hold(false);
        onReady();
        owner.onChange();
      } else {
        onFailed(fromPlainError(event.error));
        bury(event);
      }
    };
    try {
      mine = startHost(listen);
      host = mine;
    } catch (error) {
      listen({ kind: "ended", error: toPlainError(error), isFruitless: true });
    }
  }

  function take({ answers, isFree }: Extract<HostEvent, { kind: "answers" }>): void {
    fruitless = 0;
    mostFruitless = MOST_FRUITLESS_LIVES_AFTER_ANSWERS;
    const { ids, verdicts } = typeof answers === "string" ? (JSON.parse(answers) as AnswerColumns) : answers;
    verdicts.forEach((verdict, i) => {
      const id = ids[i] as number;
      inFlight.get(id)?.settle(fromPlainVerdict(verdict));
      inFlight.delete(id);
    });
    if (isFree) state = "free";
    // Until it is free, what waits in the queue needs to hear of it.
    if (inFlight.size === 0 && state === "free") host?.hold(false);
    owner.onChange();
  }

  /**
   * Only what is certain to be the reason is blamed: what the host names, or what was under way when one ended before
   * and is now all that this host ever saw. The rest is asked again, one at a time if one of them may be the reason.
   */
  function bury({ error, guilty, isFruitless }: Extract<HostEvent, { kind: "ended" }>): void {
    const unfinished = [...inFlight.values()];
    const alone = asked === 1 && unfinished[0]?.isSuspect ? unfinished[0] : undefined;
    const blamed = guilty === undefined ? alone : inFlight.get(guilty);
    host = undefined;
    inFlight = new Map();
    blamed?.settle(invalid(fromPlainError(error)));
    const rest = unfinished.filter((request) => request !== blamed);
    if (blamed === undefined) for (const request of rest) request.isSuspect = true;
    fruitless = isFruitless ? fruitless + 1 : 0;
    state = fruitless === 0 ? "empty" : "resting";
    owner.onUnfinished(rest);
    if (fruitless >= mostFruitless) {
      const { code, message, hint } = error;
      const text = `${what} could not be kept running, and ended ${fruitless} times in a row: ${message}`;
      owner.onHopeless(new RrrError(code, text, hint === undefined ? {} : { hint }));
    } else if (fruitless === 0) owner.onChange();
    else resting = setTimeout(rise, Math.min(FIRST_PAUSE_MS * 2 ** (fruitless - 1), LONGEST_PAUSE_MS));
  }

  function rise(): void {
    state = "empty";
    owner.onChange();
  }

  return {
    accepts({ isSuspect }) {
      if (state === "empty") wake();
      if (state !== "free") return false;
      // A suspect is alone.
      const [underWay] = inFlight.values();
      return underWay === undefined || !(isSuspect || underWay.isSuspect);
    },
    ask(requests) {
      const [first] = requests;
      if (first === undefined) return;
      state = "busy";
      asked += requests.length;
      for (const request of requests) inFlight.set(request.id, request);
      host?.hold(true);
      host?.ask({ asked: first.asked, timeoutMs: first.timeoutMs, questions: requests });
    },
    start: () => new Promise((resolve, reject) => wake(resolve, reject)),
    async close() {
      state = "closed";
      clearTimeout(resting);
      await host?.end();
      return [...inFlight.values()];
    },
  };
}
