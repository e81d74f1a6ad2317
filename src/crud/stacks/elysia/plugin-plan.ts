import { join } from 'node:path';
import type { CrudProject } from '../../crud-project.ts';
import type { CrudDomain } from '../../domain.ts';
import type { PackageNeed, StackPlan } from '../../stack.ts';
import { testSamples } from '../../test-samples.ts';
import { pluginLayout } from './plugins/layout.ts';
import { planMount, useEdit } from './plugins/mounting.ts';
import { urlConvention } from './plugins/url-convention.ts';
import { pluginView } from './plugins/view.ts';

/** Elysia as its own documentation lays it out: a plugin, a service and a model for each domain, and a test. */
export function pluginPlan(domain: CrudDomain, project: CrudProject): StackPlan {
  const plan = planMount(domain, project);
  const layout = pluginLayout(domain, project, plan.mounts.neighbours);
  const { prefix, update } = urlConvention(domain.names, plan.mounts.neighbours);
  const shared = (id: string, template: string, file: string) => ({
    id,
    template: `plugin-${template}.ts.hbs`,
    path: join(layout.shared, file),
    isShared: true,
  });
  const own = (id: string, template: string, path: string) => ({ id, template: `${template}.ts.hbs`, path });
  const isTested = testSamples(domain).missing.length === 0;
  return {
    files: [
      shared('crud', 'crud', 'crud.ts'),
      shared('database', 'database', 'database.ts'),
      shared('fields', 'fields', 'fields.ts'),
      own('model', 'plugin-model', layout.model),
      own('service', 'plugin-service', layout.service),
      own('plugin', 'plugin', layout.plugin),
      ...(isTested
        ? [
            shared('testDatabase', 'test-database', 'test-database.ts'),
            { ...shared('testClient', '', 'test-client.ts'), template: 'test-client.ts.hbs' },
            own('test', 'plugin.test', layout.test),
          ]
        : []),
    ],
    wiring: [useEdit({ domain, project, plan, path: layout.plugin, name: layout.name })],
    needs: needs(project),
    notices: [plan.notice],
    targets: {
      ...(plan.database === undefined ? {} : { connection: plan.database.path }),
      ...Object.fromEntries(
        (plan.guard?.imports ?? []).flatMap(({ path }) =>
          path === undefined ? [] : [[`file ${path}`, path]],
        ),
      ),
      ...Object.fromEntries(domain.parents.map(({ table }) => [`parent ${table.variable}`, table.path])),
    },
    view: pluginView({ domain, project, layout, plan, prefix, update }),
  };
}

function needs({ testRunner }: CrudProject): readonly PackageNeed[] {
  return [
    { name: 'elysia', isDev: false },
    { name: 'drizzle-orm', isDev: false },
    { name: '@electric-sql/pglite', isDev: true },
    ...(testRunner === 'vitest' || testRunner === 'jest' ? [{ name: testRunner, isDev: true }] : []),
  ];
}
