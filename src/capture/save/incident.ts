/** What it is called in a file that a watch has lost something, and how the host was then. */
export const INCIDENT = 'netdoctor/incident/1';
