import type { ts } from 'ts-morph';
import type { NameList } from './barrel-model.ts';
import type { ImportOrder } from './import-order.ts';

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A parsed file. Nodes have no parents: ask them with `getStart(file.ast)`. */
export interface SchemaFile {
  readonly path: string;
  readonly text: string;
  readonly ast: ts.SourceFile;
  readonly imports: readonly ImportModel[];
}

export interface ImportModel extends Span {
  readonly module: string;
  /** The file that a relative or aliased specifier means. */
  readonly path: string | undefined;
  readonly isTypeOnly: boolean;
  readonly defaultName: string | undefined;
  readonly namespace: string | undefined;
  readonly names: NameList | undefined;
}

/** How a file writes. */
export interface FileStyle {
  readonly quote: "'" | '"';
  readonly semicolon: ';' | '';
  readonly indent: string;
  readonly eol: '\n' | '\r\n';
  readonly trailingComma: ',' | '';
  /** `(table) =>` or `table =>`. */
  readonly arrowParens: 'always' | 'avoid';
  /** A blank line parts imports of packages from those of project files. */
  readonly importGroups?: boolean | undefined;
  /** The order of imports; packages, aliases and files nearby where nothing shows it. */
  readonly importOrder?: ImportOrder | undefined;
  /** Types are imported in a line of their own although another line imports from the same module. */
  readonly typeImports?: boolean | undefined;
  /** The length of import lines that are not broken; 120 where nothing shows it. */
  readonly importWidth?: number | undefined;
}

/** An import that an edited file needs. */
export interface ImportRequest {
  /** A package, or the absolute path of a project file. */
  readonly from: { readonly module: string } | { readonly path: string };
  readonly name: string;
  /** `import type`, or `type X` within the file's value import. */
  readonly isType?: boolean | undefined;
  /** A parameter that hides what has the same name, where the import is used. */
  readonly hiddenBy?: string | undefined;
}
