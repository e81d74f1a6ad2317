import type { CrudProject } from '../../../crud-project.ts';
import type { SwaggerStyle } from './swagger.ts';

/** The first versions whose `PartialType` can still refuse null. */
const FIRST = { '@nestjs/swagger': 7, '@nestjs/mapped-types': 2 } as const;

/**
 * The package that `PartialType` is imported from: of Swagger where DTOs are documented, so that the document has what is
 * taken over. Undefined where the project has none whose `PartialType` can refuse null.
 */
export function mappedTypes(
  { packages, sources }: CrudProject,
  { properties }: SwaggerStyle,
): string | undefined {
  const uses = (name: string): boolean =>
    [...sources.values()].some((text) => new RegExp(`\\bPartialType\\b[^;]*from ['"]${name}['"]`).test(text));
  const has = (name: keyof typeof FIRST): boolean => {
    const range = packages.get(name);
    const major = /\d+/.exec(range ?? '')?.[0];
    return range !== undefined && (major === undefined || Number(major) >= FIRST[name]);
  };
  if (has('@nestjs/swagger') && (properties || uses('@nestjs/swagger'))) return '@nestjs/swagger';
  return has('@nestjs/mapped-types') ? '@nestjs/mapped-types' : undefined;
}
