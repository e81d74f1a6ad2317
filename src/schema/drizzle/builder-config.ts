import { ts } from '../compiler.cjs';
import type { SchemaFile } from '../source-file.ts';

/** The entries of a builder's configuration object, as they are written. */
export function configEntries(call: ts.CallExpression, file: SchemaFile): { key: string; text: string }[] {
  const config = call.arguments.find(ts.isObjectLiteralExpression);
  return (config?.properties ?? []).map((property) => ({
    key: property.name?.getText(file.ast) ?? '',
    text: property.getText(file.ast),
  }));
}
