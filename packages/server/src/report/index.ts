export { createReport, type Report, type ReportSettings } from "./create-report.ts";
export type { ReportData, ReportedEpisodes } from "./report-data.ts";
