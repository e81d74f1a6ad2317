import { Document, isCollection, isScalar, visit } from 'yaml';
import { DocumentSchema, type Plan, type PlanDocument } from './plan.ts';

/** Lets editors with a YAML language server complete and check the plan. */
const SCHEMA_COMMENT = '# yaml-language-server: $schema=./node_modules/tableplan/plan.schema.json\n';

/**
 * A plan as YAML, in the key order of the format: reading it back gives the same plan.
 *
 * @example printPlan(plan) // "# yaml-language-server: …\nmigration_type: 'new_table'\n…"
 */
export function printPlan(plan: Plan): string {
  return SCHEMA_COMMENT + plan.documents.map(printDocument).join('---\n');
}

function printDocument(document: PlanDocument): string {
  const yaml = new Document(inOrder(document), {
    version: '1.2',
    schema: 'core',
    aliasDuplicateObjects: false,
  });
  visit(yaml, {
    Seq: (_key, seq) => {
      seq.flow = seq.items.every((item) => !isCollection(item));
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

/** The format's own order is the schema's; safety, which is not about the table, comes last. */
function inOrder(document: PlanDocument): Record<string, unknown> {
  const { safety, ...rest } = DocumentSchema.parse(document);
  return safety === undefined ? rest : { ...rest, safety };
}
