/** The files of the Elysia fixture that its tests write otherwise. */
export const USE_CASES = ['get-all-users', 'get-user-by-id'].map(
  (name) => `src/core/domain/users/use-case/${name}.usecase.ts`,
);
export const REPOSITORY = 'src/external/drizzle/users/user.drizzle.repository.ts';
export const CONTAINER = 'src/core/shared/container.ts';
export const ROUTES = 'src/external/api/routes.ts';
