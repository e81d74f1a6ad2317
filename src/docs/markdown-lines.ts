/** A fence that opens or closes a code block; an opening one may have an info string without backticks. */
const FENCE = /^ {0,3}(`{3,}(?!.*`)|~{3,})/;

/** Tells, line by line, whether the text is inside a code block; the fences themselves count as inside. */
export function codeBlocks(): (line: string) => boolean {
  let fence: string | undefined;
  return (line) => {
    const run = FENCE.exec(line)?.[1];
    if (fence === undefined) {
      fence = run;
      return run !== undefined;
    }
    if (run?.startsWith(fence) && line.trim() === run) fence = undefined;
    return true;
  };
}
