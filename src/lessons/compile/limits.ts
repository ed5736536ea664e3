/** Characters; a lesson of more is a book. */
export const MAX_SOURCE = 1024 * 1024;
