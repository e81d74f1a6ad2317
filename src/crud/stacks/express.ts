import { ts } from '../../schema/compiler.cjs';
import { parseText } from '../../schema/parse.ts';
import type { CrudProject } from '../crud-project.ts';
import { findDatabase, isTest } from '../find-database.ts';
import type { Stack } from '../stack.ts';
import { drizzleFiles, drizzleNeeds, parentTargets } from './drizzle/files.ts';
import { domainLayout } from './drizzle/layout.ts';
import { drizzleView } from './drizzle/view.ts';
import { expressDialect } from './express/dialect.ts';
import { planMount } from './servers/mounting.ts';
import { mountRoutes } from './servers/wiring.ts';

/** Express 4 or 5, zod and Drizzle: a router, validation, queries and a test. */
export const express: Stack = {
  name: 'express',
  orm: 'drizzle',
  framework: 'express',
  shares: ['drizzle'],
  plan(domain, project) {
    const database = findDatabase(project);
    const routesName = `${domain.names.singular.camel}Router`;
    const wanted = { domain, project, dialect: expressDialect, routesName };
    const plan = planMount({ ...wanted, database: database?.name });
    const layout = domainLayout(domain, project, { others: plan.others, own: plan.routes });
    return {
      files: drizzleFiles(layout),
      wiring: [
        mountRoutes({
          ...wanted,
          plan,
          database,
          routes: layout.routes,
          missing: 'no file creates an Express app',
        }),
      ],
      needs: drizzleNeeds('express', project),
      notices: [plan.notice],
      targets: parentTargets(domain),
      view: { ...drizzleView(domain, project), routesName, ...expressView(project) },
    };
  },
};

function expressView({ packages, sources }: CrudProject): Readonly<Record<string, unknown>> {
  const wrap = /^\D*4\b/.test(packages.get('express') ?? '');
  return {
    wrap,
    handler: wrap ? { open: 'handled(', close: ')', id: `['id']` } : { open: '', close: '', id: '.id' },
    parsesJson: [...sources].some(
      ([path, text]) => !isTest(path) && /\b(express|bodyParser)\.json\(|\bjson\(\s*(\{|\)\s*\))/.test(text),
    ),
    expressImport: importOfExpress(sources) ?? `import express from 'express';`,
  };
}

/** How the project imports the function `express`, which hangs on its compiler's settings. */
function importOfExpress(sources: CrudProject['sources']): string | undefined {
  for (const [path, text] of sources) {
    if (!/['"]express['"]/.test(text)) continue;
    for (const statement of parseText(path, text).statements) {
      if (ts.isImportEqualsDeclaration(statement) && statement.name.text === 'express')
        return `import express = require('express');`;
      if (
        !ts.isImportDeclaration(statement) ||
        (statement.moduleSpecifier as ts.StringLiteral).text !== 'express'
      )
        continue;
      const bindings = statement.importClause?.namedBindings;
      if (bindings !== undefined && ts.isNamespaceImport(bindings))
        return `import * as express from 'express';`;
      if (statement.importClause?.name !== undefined) return undefined;
    }
  }
  return undefined;
}
