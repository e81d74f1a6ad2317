import { installCommand, execCommand, type PackageManager } from '../project/package-manager.ts';

/** The commands that start a project with either ORM in an empty folder, up to `tableplan init`. */
export function startCommands(manager: PackageManager): string {
  const add = manager === 'npm' ? 'npm i' : `${manager} add`;
  const develop = installCommand(manager);
  const begin = { npm: 'npm init -y', pnpm: 'pnpm init', yarn: 'yarn init -y', bun: 'bun init -y' }[manager];
  const end = execCommand(manager, 'tableplan init');
  return `Drizzle:
  ${begin}
  ${add} drizzle-orm pg
  ${develop} drizzle-kit plop tableplan typescript
  mkdir -p src
  echo "export default { dialect: 'postgresql', schema: './src/schema.ts', out: './drizzle' };" > drizzle.config.ts
  echo "export {};" > src/schema.ts
  ${end}

TypeORM:
  ${begin}
  ${add} typeorm pg reflect-metadata
  ${develop} plop tableplan typescript @types/node
  ${execCommand(manager, 'tsc --init --experimentalDecorators --emitDecoratorMetadata --strictPropertyInitialization false')}
  mkdir -p src/entities src/migrations
  echo "import 'reflect-metadata';" > src/data-source.ts
  echo "import { DataSource } from 'typeorm';" >> src/data-source.ts
  echo "export default new DataSource({ type: 'postgres', url: process.env.DATABASE_URL, entities: ['src/entities/*.ts'], migrations: ['src/migrations/*.ts'] });" >> src/data-source.ts
  ${end}`;
}
