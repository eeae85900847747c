// The main script of a single executable may not import a file; one that is loaded like a file may.
module.exports = (url) => import(url);
