import { describe, expect, it } from 'vitest';
import { frameworksOf } from '../../src/crud/frameworks.ts';

const used = (source: string, ...dependencies: readonly string[]): readonly string[] =>
  frameworksOf({ dependencies, sources: new Map([['/p/src/app.ts', source]]) }).map(({ id }) => id);

describe('a framework is used', () => {
  it.each([
    ["import { Hono } from 'hono';", 'hono'],
    ['import { OpenAPIHono } from "@hono/zod-openapi"', 'hono'],
    ["import Fastify, { type FastifyInstance } from 'fastify';", 'fastify'],
    ["const express = require('express');", 'express'],
    ["import express = require('express');", 'express'],
    ["export { Router } from 'express';", 'express'],
    ["const { Elysia } = await import('elysia');", 'elysia'],
    ["import { Module } from '@nestjs/common';", 'nestjs'],
    ["import Koa from 'koa';", 'koa'],
  ])('by what a source imports: %s', (source, id) => {
    expect(used(source)).toEqual([id]);
  });

  it('which is not so for its types, a package of a like name, a comment or a test', () => {
    expect(used("import type { Request } from 'express';")).toEqual([]);
    expect(used("import { type Request, type Response } from 'express';")).toEqual([]);
    expect(used("import { serve } from '@hono/node-server';")).toEqual([]);
    expect(used("import rateLimit from 'express-rate-limit';")).toEqual([]);
    expect(used("// import express from 'express';")).toEqual([]);
    const sources = new Map([['/p/src/app.test.ts', "import express from 'express';"]]);
    expect(frameworksOf({ dependencies: [], sources })).toEqual([]);
  });

  it('by its dependency where no source imports one, or where it starts the modules itself', () => {
    expect(used('export {};', 'hono', 'drizzle-orm')).toEqual(['hono']);
    expect(used('export const GET = () => new Response();', 'next', 'react')).toEqual(['next']);
    expect(used("import { Hono } from 'hono';", 'express', 'hono')).toEqual(['hono']);
  });

  it('and not the one that it is built upon', () => {
    expect(used("import { Module } from '@nestjs/common';\nimport { json } from 'express';")).toEqual([
      'nestjs',
    ]);
  });

  it('beside others', () => {
    expect(used("import { Hono } from 'hono';\nimport express from 'express';")).toEqual(['hono', 'express']);
    expect(used("import { Hono } from 'hono';\nimport { handle } from 'hono/vercel';", 'next')).toEqual([
      'hono',
      'next',
    ]);
  });
});
