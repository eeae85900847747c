/** What a guest needs and this machine cannot get: said in the table, and no failure of netdoctor. */
export class NotHad extends Error {}
