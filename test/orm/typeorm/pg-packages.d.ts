// What is tested is what they do with `pg`; two of them have no types.
declare module 'pg-copy-streams';
declare module 'pg-cursor';
declare module 'pg-query-stream';
