/** What an image can tell `odd_image_thread.ts` to do, as its first byte. */
export const deeds = { answer: 0, expire: 1, fail: 2, refuse: 3, wait: 4, stick: 5 } as const;
