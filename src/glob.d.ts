/** The one form of Vite's glob import that bin/build.mjs understands too: a folder is its own registry. */
interface ImportMeta {
  glob<T>(pattern: string, options: { eager: true }): Record<string, T>;
}
