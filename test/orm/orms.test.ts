import { expect, it } from 'vitest';
import { TableplanError } from '../../src/errors.ts';
import { NoProject } from '../../src/orm/no-project.ts';
import type { Orm } from '../../src/orm/orm.ts';
import { locateProject } from '../../src/orm/orms.ts';

const none = (orm: string, isInstalled: boolean) => new NoProject(orm, { hint: '', isInstalled });
const old = new TableplanError('orm-not-supported', 'old');

const failing = (name: Orm['name'], failure: TableplanError): Orm => ({
  name,
  owns: () => true,
  locate: () => Promise.reject(failure),
});

it.each([
  [none('Drizzle', false), none('TypeORM', false), 'Drizzle'],
  [none('Drizzle', false), none('TypeORM', true), 'TypeORM'],
  [none('Drizzle', true), none('TypeORM', true), 'Drizzle'],
  [none('Drizzle', false), old, 'old'],
  [old, none('TypeORM', true), 'old'],
])('what is missing is said by the ORM that is there (%s, %s)', async (drizzle, typeorm, said) => {
  const found = locateProject('.', {}, [failing('drizzle', drizzle), failing('typeorm', typeorm)]);
  await expect(found).rejects.toThrow(said);
});
