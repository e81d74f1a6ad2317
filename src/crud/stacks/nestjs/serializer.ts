import type { CrudProject } from '../../crud-project.ts';
import { filesWith } from './neighbours.ts';

/**
 * How answers get past a ClassSerializerInterceptor of the whole application that leaves out whatever no class exposes
 * (`strategy: 'excludeAll'`): by DTOs whose members are exposed, or, where Nest cannot make such of plain rows yet, by another
 * strategy for the controller. Undefined where there is no such interceptor.
 */
export function exposing(project: CrudProject): 'dtos' | 'strategy' | undefined {
  const isStrict = filesWith(project, /\bClassSerializerInterceptor\(/).some(({ text }) =>
    /strategy:\s*['"]excludeAll['"]|excludeExtraneousValues:\s*true/.test(text),
  );
  if (!isStrict) return undefined;
  const [, major = '0'] = /(\d+)/.exec(project.packages.get('@nestjs/common') ?? '') ?? [];
  return Number(major) >= FIRST_WITH_TYPE ? 'dtos' : 'strategy';
}

/** The first version whose `@SerializeOptions` takes the class of what is answered. */
const FIRST_WITH_TYPE = 11;

/** Of a controller whose answers have nothing but what clients may read. */
export const EXPOSE_ALL = "@SerializeOptions({ strategy: 'exposeAll' })";
