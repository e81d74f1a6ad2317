/** Breaks long chains and entries as prettier does, so that new lines look formatted. */

/** `key: builder.a().b()` on one line, or with each call on its own where it is too long or has a reference among others. */
export function columnLine(
  column: { readonly key: string; readonly builder: string; readonly modifiers: readonly string[] },
  layout: ChainLayout,
): string {
  const { key, builder, modifiers } = column;
  const line = `${key}: ${builder}${modifiers.join('')}`;
  const isLong = layout.indent.length + line.length + 1 > layout.width;
  const isReference =
    layout.breaksReferences && modifiers.length > 1 && modifiers.some((modifier) => modifier.includes('=>'));
  if (modifiers.length < 2 ? true : !(isLong || isReference)) return line;
  const [, owner = '', call = builder] = /^([A-Za-z_$][\w$]*)(\.[\s\S]*)$/.exec(builder) ?? [];
  const links = [...(owner === '' ? [] : [call]), ...modifiers].map(
    (modifier) => `${layout.eol}${layout.indent}${layout.unit}${modifier}`,
  );
  return `${key}: ${owner === '' ? builder : owner}${links.join('')}`;
}

export interface ChainLayout {
  /** Indent of the line that the column begins on. */
  readonly indent: string;
  readonly unit: string;
  readonly eol: string;
  readonly width: number;
  readonly trailingComma: ',' | '';
  /** Chains of three calls with a function among them are broken, as prettier breaks them. */
  readonly breaksReferences: boolean;
}

/** An entry of the third argument; a `foreignKey({ … })` that is too long gets a line for each option. */
export function entryLine(entry: string, layout: Omit<ChainLayout, 'breaksReferences'>): string {
  if (layout.indent.length + entry.length + 1 <= layout.width) return entry;
  const options =
    /^([\s\S]*?\bforeignKey\()\{ (columns: \[[^\]]*\]), (foreignColumns: \[[^\]]*\])(?:, (name: [^}]*?))? \}\)([\s\S]*)$/.exec(
      entry,
    );
  if (options === null) return entry;
  const [, head, columns, foreignColumns, name, tail] = options;
  const lines = [columns, foreignColumns, name].filter((option) => option !== undefined);
  const listed = lines.map((option) => `${layout.indent}${layout.unit}${option}`).join(`,${layout.eol}`);
  return `${head}{${layout.eol}${listed}${layout.trailingComma}${layout.eol}${layout.indent}})${tail}`;
}

/** A description as a comment: one line, whatever it holds. */
export function commentLine(text: string): string {
  const flat = text.replace(/\s+/g, ' ').replaceAll('*/', '* /').trim();
  return `/** ${flat} */`;
}
