/** Parameters every verb shares. */
import { z } from 'zod';

/** A text that may hold answers: `$bridge`, `$container.address/$subnet.prefix`. */
export const text = z.union([z.string(), z.number()]).transform(String);

/** Where the step acts; the host when left out. */
export const where = text.optional();
