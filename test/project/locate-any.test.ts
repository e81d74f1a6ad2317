import { expect, it } from 'vitest';
import { NoProject } from '../../src/project/no-project.ts';
import { eitherOf } from '../../src/project/locate-any.ts';
import { TableplanError } from '../../src/errors.ts';

const none = (orm: string, isInstalled: boolean) => new NoProject(orm, { hint: '', isInstalled });
const old = new TableplanError('orm-not-supported', 'old');

it.each([
  [none('Drizzle', false), none('TypeORM', false), 'Drizzle'],
  [none('Drizzle', false), none('TypeORM', true), 'TypeORM'],
  [none('Drizzle', true), none('TypeORM', true), 'Drizzle'],
  [none('Drizzle', false), old, 'old'],
  [old, none('TypeORM', true), 'old'],
])('what is missing is said by the ORM that is there (%s, %s)', async (drizzle, typeorm, said) => {
  const found = eitherOf(
    undefined,
    () => Promise.reject(drizzle),
    () => Promise.reject(typeorm),
  );
  await expect(found).rejects.toThrow(said);
});
