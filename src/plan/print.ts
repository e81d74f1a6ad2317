import { Document, isCollection, isScalar, isSeq, visit } from 'yaml';
import { DocumentSchema, type Plan, type PlanDocument } from './plan.ts';

/** Lets editors with a YAML language server complete and check the plan. */
const SCHEMA_COMMENT = '# yaml-language-server: $schema=./node_modules/tableplan/plan.schema.json\n';

/**
 * A plan as YAML, in the key order of the format: reading it back gives the same plan.
 *
 * @example printPlan(plan) // "# yaml-language-server: …\nmigration_type: 'new_table'\n…"
 */
export function printPlan(plan: Plan, options: PrintOptions = {}): string {
  const head = options.compact ? '' : SCHEMA_COMMENT;
  return head + plan.documents.map((document) => printDocument(document, options)).join('---\n');
}

interface PrintOptions {
  /** Short lists and maps on a line of their own, for where a plan is read and not edited. */
  readonly compact?: boolean;
}

function printDocument(document: PlanDocument, { compact = false }: PrintOptions): string {
  const yaml = new Document(inOrder(document), {
    version: '1.2',
    schema: 'core',
    aliasDuplicateObjects: false,
  });
  visit(yaml, {
    Map: (_key, map, path) => {
      map.flow = compact && isSeq(path.at(-1)) && isShort(map, 80);
    },
    Seq: (_key, seq) => {
      const isLine = compact && seq.items.length === 1 && isShort(seq, 60);
      seq.flow = isLine || seq.items.every((item) => !isCollection(item));
    },
    Pair: (_key, pair) => {
      if (isScalar(pair.key)) pair.key.type = 'PLAIN';
    },
  });
  return yaml.toString({
    defaultStringType: 'QUOTE_SINGLE',
    defaultKeyType: 'PLAIN',
    lineWidth: 0,
    flowCollectionPadding: false,
  });
}

/** Whether it fits on a line of so many characters. */
function isShort(node: { toJSON(): unknown }, longest: number): boolean {
  const text = JSON.stringify(node.toJSON());
  return text.length < longest && !text.includes(String.raw`\n`);
}

/** The format's own order is the schema's; safety, which is not about the table, comes last. */
function inOrder(document: PlanDocument): Record<string, unknown> {
  const { safety, ...rest } = DocumentSchema.parse(document);
  return safety === undefined ? rest : { ...rest, safety };
}
