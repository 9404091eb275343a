import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { report } from "./lib/report.ts";
import { parseRoute, type Route, useRoute } from "./lib/route.ts";
import { ComparePage } from "./pages/compare-page.tsx";
import { EpisodePage } from "./pages/episode-page.tsx";
import { EpisodesPage } from "./pages/episodes-page.tsx";
import { RunPage } from "./pages/run-page.tsx";
import { RunsPage } from "./pages/runs-page.tsx";
import { TryPage } from "./pages/try-page.tsx";
import { AboutReport } from "./parts/about-report.tsx";
import { Empty } from "./parts/notice.tsx";
import { ThemeButton } from "./parts/theme-button.tsx";

export function App(): JSX.Element {
  const route = useRoute();
  const main = useRef<HTMLElement>(null);
  const place = route.path.join("/");
  // A new page begins at its top, for the eye and for a screen reader.
  useEffect(() => {
    scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [place]);
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header class="bar">
        <a class="brand" href="#/">
          <span class="mark">rrr</span>
          <span class="wide-only">{report === undefined ? "runs" : "report"}</span>
        </a>
        <span class="spring" />
        {report === undefined && <a href="#/try">Try</a>}
        <ThemeButton />
      </header>
      <main id="main" tabIndex={-1} ref={main}>
        <Page route={report !== undefined && route.path.length === 0 ? parseRoute(report.home) : route} />
      </main>
      {report !== undefined && <AboutReport report={report} />}
    </>
  );
}

function Page({ route: { path, query } }: { readonly route: Route }): JSX.Element {
  const [kind, id = "", part, number = ""] = path;
  if (kind === undefined) return <RunsPage query={query} />;
  if (kind === "try" && id === "" && report === undefined) return <TryPage query={query} />;
  if (kind === "compare" && id === "") return <ComparePage query={query} />;
  if (kind === "run" && id !== "") {
    const run = encodeURIComponent(id);
    if (part === undefined) return <RunPage key={run} id={run} query={query} />;
    if (part === "episodes") return <EpisodesPage key={run} id={run} query={query} />;
    if (part === "episode" && /^\d+$/.test(number)) {
      return <EpisodePage key={run} id={run} number={Number(number)} query={query} />;
    }
  }
  return (
    <Empty title="There is no such page">
      <a href="#/">The {report === undefined ? "list of runs" : "first page"}</a> leads to everything that
      there is.
    </Empty>
  );
}
