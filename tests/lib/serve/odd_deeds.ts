/** What an image can tell `odd_image_thread.ts` to do, as its first byte. */
export const deeds = { answer: 0, loop: 1, fail: 2, refuse: 3, wait: 4 } as const;
