import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/external/drizzle/schema.ts',
  out: './src/external/drizzle/migrations',
  dbCredentials: { url: process.env.DATABASE_URL! },
});
