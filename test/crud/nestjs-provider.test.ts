import { describe, expect, it } from 'vitest';
import type { CrudProject } from '../../src/crud/crud-project.ts';
import type { CrudDomain } from '../../src/crud/domain.ts';
import { domainNames } from '../../src/crud/names.ts';
import { databaseProvider } from '../../src/crud/stacks/nestjs/drizzle/provider.ts';
import { moduleLayout } from '../../src/crud/stacks/nestjs/neighbours.ts';
import { standardLayout } from '../../src/crud/stacks/nestjs/standard/layout.ts';
import { saysShould, titleVerb } from '../../src/crud/test-titles.ts';
import { projectOf } from './in-memory.ts';

const domain = { names: domainNames('order_items') } as CrudDomain;

describe('the Drizzle database of a NestJS application', () => {
  const found = (files: Readonly<Record<string, string>>) => databaseProvider(domain, projectOf(files));
  const module = (decorators = ''): string => `import { Module } from '@nestjs/common';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
export const DRIZZLE = Symbol('DRIZZLE');
export type Drizzle = NodePgDatabase;
${decorators}@Module({ providers: [{ provide: DRIZZLE, useFactory: () => drizzle(pool) }], exports: [DRIZZLE] })
export class DrizzleModule {}
`;

  it('is asked for as other services do', () => {
    expect(
      found({
        'drizzle/drizzle.module.ts': module(),
        'users/users.service.ts': `import { Inject, Injectable } from '@nestjs/common';
import { DRIZZLE, type Drizzle } from '../drizzle/drizzle.module';
@Injectable()
export class UsersService {
  constructor(@Inject(DRIZZLE) private readonly database: Drizzle) {}
}
`,
      }),
    ).toEqual({
      token: 'DRIZZLE',
      member: undefined,
      type: 'Drizzle',
      name: 'database',
      tokenImports: [{ name: 'DRIZZLE', from: { path: '/p/src/drizzle/drizzle.module.ts' } }],
      typeImports: [{ name: 'Drizzle', from: { path: '/p/src/drizzle/drizzle.module.ts' } }],
      module: { name: 'DrizzleModule', from: { path: '/p/src/drizzle/drizzle.module.ts' } },
    });
  });

  it('needs no import of a global module', () => {
    expect(found({ 'drizzle.module.ts': module('@Global()\n') }).module).toBeUndefined();
  });

  it('is a member of a class that makes it', () => {
    expect(
      found({
        'drizzle.service.ts': `import { Injectable } from '@nestjs/common';
import { drizzle, NodePgDatabase } from 'drizzle-orm/node-postgres';
@Injectable()
export class DrizzleService {
  readonly db: NodePgDatabase = drizzle(url);
}
`,
      }),
    ).toMatchObject({
      token: 'DrizzleService',
      member: 'db',
      type: 'DrizzleService',
      name: 'drizzleService',
    });
  });

  it('is not invented', () => {
    expect(() => found({ 'db.ts': 'export const db = drizzle(url);' })).toThrow(
      expect.objectContaining({ code: 'crud-not-possible' }),
    );
  });
});

describe('the layout of a NestJS module', () => {
  const controller = '@Controller() export class C {}';
  const modules = (files: readonly string[]): CrudProject =>
    projectOf(Object.fromEntries(files.map((path) => [path, path.includes('controller') ? controller : ''])));

  it('is in layers only where most neighbours are', () => {
    const layered = [
      'users/users.module.ts',
      'users/domain/user.ts',
      'users/application/x.ts',
      'users/http/users.controller.ts',
    ];
    expect(moduleLayout(modules(layered))).toBe('hexagonal');
    expect(moduleLayout(modules([]))).toBe('standard');
    expect(
      moduleLayout(
        modules([
          ...layered,
          'tags/tags.module.ts',
          'tags/tags.controller.ts',
          'cats/cats.module.ts',
          'cats/cats.controller.ts',
        ]),
      ),
    ).toBe('standard');
  });

  it('has the names and the folders of most neighbours', () => {
    const layout = standardLayout(
      domain,
      modules([
        'modules/user/user.module.ts',
        'modules/user/controllers/user.controller.ts',
        'modules/user/dtos/create-user.dto.ts',
        'modules/tag/tag.module.ts',
        'modules/tag/controllers/tag.controller.ts',
        'modules/tag/dtos/create-tag.dto.ts',
      ]),
    );
    expect(layout).toMatchObject({
      base: { pascal: 'OrderItem' },
      module: '/p/src/modules/order-item/order-item.module.ts',
      controller: '/p/src/modules/order-item/controllers/order-item.controller.ts',
      service: '/p/src/modules/order-item/order-item.service.ts',
    });
    expect(layout.dto('create-order-item')).toBe('/p/src/modules/order-item/dtos/create-order-item.dto.ts');
  });
});

it('titles of tests begin with should, unless most of the project do not', () => {
  expect(saysShould(projectOf({}))).toBe(true);
  expect(
    saysShould(
      projectOf({ 'a.spec.ts': "it('creates it', () => {}); it('should not', () => {}); it('finds', x);" }),
    ),
  ).toBe(false);
  expect(titleVerb('searches', { saysShould: true })).toBe('should search');
  expect(titleVerb('creates', { saysShould: false })).toBe('creates');
});
