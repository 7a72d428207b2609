package dev.moongate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The kind of file system that a home is on.
 *
 * @param type as the operating system names it: ext4, nfs4, overlay
 */
record HomeDisk(String type) {
  private static final Pattern NETWORK =
      Pattern.compile(
          "nfs\\d?|cifs|smb.*|9p|afs|afpfs|webdav|ceph|glusterfs|lustre|fuse\\.(sshfs|rclone|s3fs|glusterfs|ceph.*)");

  static HomeDisk of(Path home) throws IOException {
    return new HomeDisk(Files.getFileStore(home).type().toLowerCase(Locale.ROOT));
  }

  /** Whether locks and syncs may be promises that nobody keeps. */
  boolean network() {
    return NETWORK.matcher(type).matches();
  }

  boolean vanishesWithItsContainer() {
    return type.equals("overlay") || type.equals("overlayfs") || type.equals("aufs");
  }
}
