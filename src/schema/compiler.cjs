// @ts-check
'use strict';
/**
 * The TypeScript compiler that ts-morph brings, alone: with the rest of ts-morph around it, it takes a third longer to load
 * (measured: 420 ms for 310). Required from CommonJS: an `import` makes Node scan its nine megabytes for export names first.
 */
const { createRequire } = require('node:module');

const ofMorph = createRequire(require.resolve('ts-morph'));
exports.ts = ofMorph('@ts-morph/common/dist/typescript.js');
