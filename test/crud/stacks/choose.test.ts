import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CrudProject } from '../../../src/crud/crud-project.ts';
import { frameworksOf } from '../../../src/crud/frameworks.ts';
import { chooseStack } from '../../../src/crud/stacks/choose.ts';
import { treeOf } from '../../workspace/tree.ts';
import { editing } from '../editing.ts';
import { type CrudFixture, crudFixture } from '../project.ts';

const BRANDS = 'brands id:uuid=gen_random_uuid():pk name:text!:unique';

let project: CrudFixture;
const { write } = editing(() => project);
/** The Drizzle project of the hono fixture with another application in it. */
const application = (dependency: string, source: string): void => {
  for (const path of ['src/app.ts', 'src/server.ts', 'src/routes'])
    rmSync(join(project.root, path), { recursive: true });
  write(
    'package.json',
    JSON.stringify({
      name: 'shop',
      type: 'module',
      dependencies: { [dependency]: '*', 'drizzle-orm': '*', pg: '*' },
      devDependencies: { 'drizzle-kit': '*' },
    }),
  );
  write('src/app.ts', source);
};

beforeEach(() => {
  project = crudFixture('hono');
});

describe('an application of a framework without a stack is refused, and nothing is written', () => {
  it.each([['koa', 'Koa', "import Koa from 'koa';\nexport const app = new Koa();\n"]])(
    '%s',
    async (dependency, title, source) => {
      application(dependency, source);
      const before = treeOf(project.root);
      await expect(project.crud(BRANDS)).rejects.toMatchObject({
        code: 'answer-needed',
        exitCode: 3,
        message: `The application uses ${title}, and tableplan has no stack for that on Drizzle.`,
        hint: 'Nothing was written. Stacks for Drizzle: nestjs-drizzle, elysia, hono, fastify, express and next. To add your own, put templates and a stack.yaml into tableplan/crud/<name>/ (docs/how-to/own-stacks.md of tableplan); `tableplan migration` makes the table without code.',
        missing: [
          {
            field: 'stack',
            supply:
              '--stack nestjs-drizzle | --stack elysia | --stack hono | --stack fastify | --stack express | --stack next',
          },
        ],
      });
      expect(treeOf(project.root)).toBe(before);
    },
  );

  it('and so is a NestJS application in which nothing provides the database', async () => {
    application(
      '@nestjs/common',
      "import { Module } from '@nestjs/common';\n@Module({})\nexport class App {}\n",
    );
    const before = treeOf(project.root);
    await expect(project.crud(BRANDS)).rejects.toThrow('No module provides the Dr');
    expect(treeOf(project.root)).toBe(before);
  });

  it('and so is one that shows none', async () => {
    application('left-pad', 'export {};\n');
    await expect(project.crud(BRANDS)).rejects.toMatchObject({
      exitCode: 3,
      message: 'No source of the application imports a web framework that tableplan knows.',
    });
  });
});

it('Elysia is written for whether it has tsyringe or not', async () => {
  application('elysia', "import { Elysia } from 'elysia';\nexport const app = new Elysia();\n");
  expect(await project.crud(BRANDS, { dryRun: true })).toMatchObject({
    draft: { code: { stack: 'elysia', byHand: [] } },
  });
});

it.each([
  ['fastify', "import Fastify from 'fastify';\nexport const app = Fastify();\n", 'app.register(brandRoutes,'],
  ['express', "import express from 'express';\nexport const app = express();\n", "app.use('/brands',"],
])('an application of %s gets the code of its stack', async (dependency, source, mounted) => {
  application(dependency, source);
  expect(await project.crud(BRANDS)).toMatchObject({ draft: { code: { stack: dependency, byHand: [] } } });
  expect(readFileSync(join(project.root, 'src/app.ts'), 'utf8')).toContain(mounted);
});

it('an application of Next.js gets route handlers below its folder app, and without such a folder nothing', async () => {
  application('next', 'export {};\n');
  await expect(project.crud(BRANDS)).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringContaining('The stack next needs a folder `app` (the App Router).') as string,
  });
  write('src/app/page.tsx', 'export default () => null;\n');
  expect(await project.crud(BRANDS)).toMatchObject({ draft: { code: { stack: 'next', byHand: [] } } });
  expect(readFileSync(join(project.root, 'src/app/api/brands/[id]/route.ts'), 'utf8')).toContain(
    'export const PATCH = update;',
  );
});

describe('an application of several frameworks', () => {
  beforeEach(() =>
    write('src/legacy.ts', "import express from 'express';\nexport const legacy = express();\n"),
  );

  it('is asked about, where nobody is there with what to type', async () => {
    const before = treeOf(project.root);
    await expect(project.crud(BRANDS)).rejects.toMatchObject({
      exitCode: 3,
      message: 'The application uses Hono and Express, so it does not show which stack is meant.',
      missing: [{ field: 'stack', supply: '--stack hono | --stack express' }],
    });
    expect(treeOf(project.root)).toBe(before);
  });

  it('gets the code of the stack that is named', async () => {
    expect(await project.crud(BRANDS, { stack: 'hono', dryRun: true })).toMatchObject({
      draft: { code: { stack: 'hono' } },
    });
  });
});

it('at a terminal a person chooses among the stacks that fit', async () => {
  const asked: unknown[] = [];
  const frameworks = frameworksOf({ dependencies: ['hono', 'elysia', 'express'], sources: new Map() });
  const packages = new Map([['tsyringe', '^4']]);
  const location = { root: project.root };
  const several = { location, orm: 'drizzle', frameworks, packages } as unknown as CrudProject;
  const ask = async (question: string, names: readonly string[]): Promise<string> => {
    asked.push(question, names);
    return 'elysia';
  };
  expect(await chooseStack(several, { name: undefined, ask })).toMatchObject({ name: 'elysia' });
  expect(asked).toEqual([
    'The application uses Hono, Elysia and Express. Which one are the routes for?',
    ['elysia', 'hono', 'express'],
  ]);
});

it('a package that only holds the database is written for as the applications that depend on it are', async () => {
  for (const path of ['src/app.ts', 'src/server.ts', 'src/routes'])
    rmSync(join(project.root, path), { recursive: true });
  // The fixture is the whole repository; its package is moved below another.
  const manifest = JSON.parse(readFileSync(join(project.root, 'package.json'), 'utf8')) as object;
  write(
    'package.json',
    JSON.stringify({ ...manifest, name: '@shop/db', dependencies: { 'drizzle-orm': '*' } }),
  );
  writeFileSync(join(dirname(project.root), 'package.json'), '{ "private": true, "workspaces": ["*"] }');
  write('../api/package.json', '{ "name": "api", "dependencies": { "@shop/db": "*", "koa": "*" } }');
  write('../api/src/app.ts', "import Koa from 'koa';\nexport const app = new Koa();\n");
  write('../site/src/app.ts', "import { Hono } from 'hono';\nexport const app = new Hono();\n");
  await expect(project.crud(BRANDS)).rejects.toMatchObject({
    message: expect.stringContaining('The application uses Koa') as string,
  });
  write('../api/src/app.ts', "import { Hono } from 'hono';\nexport const app = new Hono();\n");
  // As a package manager links it.
  mkdirSync(join(dirname(project.root), 'node_modules/@shop'), { recursive: true });
  symlinkSync(project.root, join(dirname(project.root), 'node_modules/@shop/db'));
  expect(await project.crud(BRANDS, { dryRun: true })).toMatchObject({ draft: { code: { stack: 'hono' } } });
});
