/** What stands in the list of an index, in parts. */
export interface IndexElement {
  readonly expression: string;
  readonly opclass: string | undefined;
  /** `desc`, `asc nulls first`, as written; undefined where nothing is said. */
  readonly order: string | undefined;
}

const PARTS =
  /^(?<expression>[\s\S]*\))(?:\s+(?!(?:asc|desc|nulls|collate)\b)(?<opclass>[a-z_][\w$.]*))?(?:\s+(?<order>(?:asc|desc)(?:\s+nulls\s+(?:first|last))?|nulls\s+(?:first|last)))?$/i;

/**
 * Takes an element of an index apart: its expression ends at a parenthesis, and what follows says how it is kept. A text
 * that is no such element is an expression as it is.
 *
 * @example indexElement('lower(title) text_pattern_ops desc').opclass // 'text_pattern_ops'
 */
export function indexElement(text: string): IndexElement {
  const { expression = text, opclass, order } = PARTS.exec(text.trim())?.groups ?? {};
  return { expression, opclass, order: order?.toLowerCase().replaceAll(/\s+/g, ' ') };
}
