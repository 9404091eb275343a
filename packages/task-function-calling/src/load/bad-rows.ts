import { RrrError } from "@rrr/core";

export interface LoadOptions {
  /** Is told of each row that is no item; it is left out. Default: the first one is thrown. */
  readonly onBadRow?: ((error: RrrError) => void) | undefined;
}

/** What a row makes, or undefined for a bad one that is left out. @throws RrrError `bad-item` unless that is wanted */
export function unlessBad<Made>(make: () => Made, { onBadRow }: LoadOptions): Made | undefined {
  try {
    return make();
  } catch (error) {
    if (onBadRow === undefined || !RrrError.is(error, "bad-item")) throw error;
    onBadRow(error);
    return undefined;
  }
}
