'use strict';
/**
 * Whether this Node is new enough. The syntax is one that any Node of the last ten years can parse.
 */
const { engines } = require('../../../package.json');

const oldest = parseInt(engines.node.replace(/^\D+/, ''), 10);
const { node } = process.versions;

/** What is wrong, as the end of a sentence; undefined if nothing is wrong. */
exports.nodeTrouble = Number(node.split('.')[0]) >= oldest
  ? undefined
  : `needs Node ${oldest} or newer; this is Node ${node}`;
