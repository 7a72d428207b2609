package dev.moongate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HomeDiskTest {
  @ParameterizedTest
  @ValueSource(strings = {"nfs", "nfs4", "cifs", "smb2", "smbfs", "smb3", "9p", "fuse.sshfs"})
  void networksAreNoPlaceForSqlite(String type) {
    assertThat(new HomeDisk(type).network()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs", "zfs", "apfs", "tmpfs", "overlay", "fuseblk"})
  void disksAre(String type) {
    assertThat(new HomeDisk(type).network()).isFalse();
    assertThat(new HomeDisk(type).vanishesWithItsContainer()).isEqualTo(type.equals("overlay"));
  }

  @Test
  void everyFolderHasAType(@TempDir Path folder) throws Exception {
    assertThat(HomeDisk.of(folder).type()).isNotBlank();
  }
}
