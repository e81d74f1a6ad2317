// @ts-check
'use strict';
/**
 * The TypeScript compiler that ts-morph brings. Required from CommonJS: an `import` of ts-morph makes Node scan its nine
 * megabytes for export names first, which costs more than 0.1 s of every run.
 */
exports.ts = require('ts-morph').ts;
