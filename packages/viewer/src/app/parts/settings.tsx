import type { RunAnswer } from "@rrr/server/view";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { valueText } from "../lib/figures.ts";
import { Scroll } from "./scroll.tsx";

/** What a run was asked for; first of all what is not as usual. */
export function Settings({ run: { settings, version } }: { readonly run: RunAnswer }): JSX.Element {
  const [isWhole, setWhole] = useState(false);
  const changed = settings.filter(({ isChanged }) => isChanged);
  const shown = isWhole ? settings : changed;
  return (
    <section aria-labelledby="settings">
      <h2 id="settings">Settings</h2>
      {settings.length === 0 && (
        <p>rrr {version} wrote this run, and kept its settings in a way of its own.</p>
      )}
      {settings.length > 0 && changed.length === 0 && !isWhole && (
        <p>Everything is as it is where nobody says otherwise.</p>
      )}
      {shown.length > 0 && (
        <Scroll under="settings">
          <table class="grid settings">
            <thead>
              <tr>
                <th scope="col">Setting</th>
                <th scope="col">This run</th>
                <th scope="col">Default</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(({ setting, value, usual, isChanged }) => (
                <tr key={setting} class={isChanged ? "is-changed" : ""}>
                  <th scope="row">{setting}</th>
                  <td>{valueText(value)}</td>
                  <td>{isChanged || usual !== undefined ? valueText(usual) : "–"}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {settings.length > 0 && (
        <p>
          <button type="button" onClick={() => setWhole(!isWhole)} aria-expanded={isWhole}>
            {isWhole ? "Only what differs from the defaults" : `All ${settings.length} settings`}
          </button>
        </p>
      )}
    </section>
  );
}
