import { ts } from '../compiler.cjs';
import type { ConstraintConvention } from './change-context.ts';
import type { Sample } from './conventions.ts';

/** Whether constraints of one column stand on the column or in the third argument around here; on the column when both do. */
export function constraintConvention(samples: readonly Sample[]): ConstraintConvention {
  return {
    unique: place(samples, 'unique', 'unique'),
    foreignKey: place(samples, 'references', 'foreignKey'),
  };
}

function place(samples: readonly Sample[], link: string, root: string): 'column' | 'table' {
  const onColumns = samples
    .flatMap((sample) => sample.columns?.columns ?? [])
    .filter(({ chain }) => chain?.links.some((each) => each.name === link));
  const inTable = samples
    .flatMap((sample) => sample.extras?.entries ?? [])
    .filter(({ chain }) => chain?.root === root && isAboutOneColumn(chain.rootCall, chain.links.at(0)?.call));
  return inTable.length > onColumns.length ? 'table' : 'column';
}

/** `unique().on(t.a)`, `foreignKey({ columns: [t.a], … })`: the others have no other place. */
function isAboutOneColumn(root: ts.CallExpression, on: ts.CallExpression | undefined): boolean {
  const [options] = root.arguments;
  if (options === undefined || !ts.isObjectLiteralExpression(options)) return on?.arguments.length === 1;
  const columns = options.properties.find(
    (property) =>
      property.name !== undefined && ts.isIdentifier(property.name) && property.name.text === 'columns',
  );
  const isOne =
    columns &&
    ts.isPropertyAssignment(columns) &&
    ts.isArrayLiteralExpression(columns.initializer) &&
    columns.initializer.elements.length === 1;
  return (
    isOne === true &&
    !options.properties.some(
      (property) =>
        property.name !== undefined && ts.isIdentifier(property.name) && property.name.text === 'name',
    )
  );
}
