/** How wide the terminal is that a stream writes to; undefined for a file, a pipe, or a terminal without a size. */
export function terminalColumns(stream: NodeJS.WriteStream): number | undefined {
  return stream.isTTY && stream.columns > 0 ? stream.columns : undefined;
}
