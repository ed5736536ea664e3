/**
 * Images of a folder that holds one file, "hello", of root's, with the mode 644, from the second 1700000000. The guest has
 * no makers of them. Made by `mksquashfs tree image -all-root -mkfs-time 1700000000 -no-xattrs` (squashfs-tools 4.5.1)
 * and `mkfs.erofs -T1700000000 --all-root -U 00000000-0000-0000-0000-000000000000 image tree` (erofs-utils 1.5);
 * gzip in base64.
 */
const IMAGES = {
  squashfs:
    "H4sIAAAAAAACA8soLixmYgCCj8GpDAxMDIxAJiODIMMBJkYGFiBbgQECvkLpt1D6PxSUQPlzoPRxKH0fSmek5uTkK6QV5ecqJOYpZOYmpqdyqTFU3EpOijh0goFJvjlYkYdFgDHJrW17QaXaCouOaYxJaQpsDCd0WBXFQeoSGhjcNM4eOXBowsRZkyfzM7DVM8kINCRAjRdhALuYYSuUzwfVwqrBy8AowKB4HirO0gAinzOMglEwCkbBKBgFo2AUjIJRMApGwSgYBSMSAACLtcTUABAAAA==",
  erofs:
    "H4sIAAAAAAACA2NgGAWjYBSMVPDo4dcHKto/M5mBbB4GFQYmmMTH4FQYk5GG9rMA8VtHJgYdKP8/ECDLq8BpJjhbFchWh7LVga7T09PLSM3Jycdl/pJGRgYRJPOR/QPWqJBWlJ+rkJinkJmbmJ7KNZoqRsEoGAWjYBSMglEwCkbBcAUAYT4UxwAQAAA=",
};

/** bash: puts the image of that type into `file`. */
export const unpackImage = (type: keyof typeof IMAGES, file: string): string =>
  `base64 -d <<<${IMAGES[type]} | zcat >${file}`;
