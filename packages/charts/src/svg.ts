/** A page's `document`, or another one: linkedom's in Node. */
export interface DocumentLike {
  createElementNS(namespace: string, name: string): object;
}

/** An element of that document. */
export type ElementOf<D extends DocumentLike> = ReturnType<D["createElementNS"]>;

/** What is used of an element. */
export interface Svg {
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  append(...nodes: (Svg | string)[]): void;
  remove(): void;
  querySelectorAll(selector: string): Iterable<Svg>;
}

export type Attributes = Readonly<Record<string, string | number | undefined>>;
export type Draw = (name: string, attributes: Attributes, ...children: readonly (Svg | string)[]) => Svg;

/** Makes elements of SVG in a document. */
export function drawIn(document: DocumentLike): Draw {
  return (name, attributes, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name) as Svg;
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== undefined) element.setAttribute(key, String(value));
    }
    element.append(...children.map((child) => (typeof child === "string" ? writable(child) : child)));
    return element;
  };
}

/** Characters that no XML may hold have no place in a picture; halves of surrogate pairs are such. */
function writable(text: string): string {
  return text.replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");
}
