import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readRegularFileSync } from '../read-regular-file.ts';
import { shippedExtensions } from '../postgres/engines/pglite.ts';
import type { CrudProject } from './crud-project.ts';

/** An extension of the project's migrations that PGlite has: how a test imports it. */
export interface TestExtension {
  /** `citext`, `uuid_ossp`. */
  readonly key: string;
  readonly module: string;
}

/** The extensions that the migrations create, as far as PGlite has them. */
export function migrationExtensions({ migrations }: CrudProject): readonly TestExtension[] {
  const texts = sqlBelow(migrations);
  const names = texts.flatMap((text) => [
    ...text.matchAll(/\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?"?([\w-]+)"?/gi),
  ]);
  const wanted = [...new Set(names.map(([, name = '']) => name.toLowerCase()))];
  return Object.keys(shippedExtensions(wanted)).map((key) => ({
    key,
    module: key === 'vector' ? '@electric-sql/pglite-pgvector' : `@electric-sql/pglite/contrib/${key}`,
  }));
}

function sqlBelow(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.(sql|ts|js)$/.test(name))
      .map((name) => readRegularFileSync(join(folder, name)).toString('utf8'));
  } catch {
    return [];
  }
}
