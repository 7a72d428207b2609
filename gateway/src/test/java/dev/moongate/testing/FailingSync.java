package dev.moongate.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets the kernel fail every fsync and fdatasync of this process with EIO, from now on and for
 * good, on the files of the database or on all others. It is a seccomp filter (seccomp(2), Linux
 * 6.18, seen 2026-11): no privilege, no compiler and no library is needed for it.
 */
public enum FailingSync {
  DATABASE,
  STORE;

  private static final int FAIL_WITH_EIO = 0x00050000 | 5;
  private static final int ALLOW = 0x7fff0000;
  private static final short LOAD_WORD = 0x20;
  private static final short JUMP_IF_EQUAL = 0x15;
  private static final short RETURN = 0x06;
  private static final int NUMBER_AT = 0;
  private static final int MACHINE_AT = 4;
  private static final int FIRST_ARGUMENT_AT = 16;
  private static final long NO_NEW_PRIVILEGES = 38;
  private static final long SET_FILTER = 1;
  private static final long FOR_ALL_THREADS = 1;

  /** System calls by number; they differ by processor. */
  private record Machine(int name, int fsync, int fdatasync, long prctl, long seccomp) {
    static Machine ours() {
      return switch (System.getProperty("os.arch")) {
        case "amd64" -> new Machine(0xC000003E, 74, 75, 157, 317);
        case "aarch64" -> new Machine(0xC00000B7, 82, 83, 167, 277);
        default -> throw new IllegalStateException("unknown: " + System.getProperty("os.arch"));
      };
    }
  }

  private record Instruction(short code, int ifTrue, int ifFalse, int value) {}

  /** The database must be open: its files are told by their descriptors. */
  public void begin() throws IOException {
    Machine machine = Machine.ours();
    List<Instruction> program = program(machine, openFilesOfTheDatabase());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment filter = arena.allocate(8L * program.size(), 8);
      for (int i = 0; i < program.size(); i++) {
        Instruction instruction = program.get(i);
        filter.set(JAVA_SHORT, 8L * i, instruction.code());
        filter.set(JAVA_BYTE, 8L * i + 2, (byte) instruction.ifTrue());
        filter.set(JAVA_BYTE, 8L * i + 3, (byte) instruction.ifFalse());
        filter.set(JAVA_INT, 8L * i + 4, instruction.value());
      }
      MemorySegment whole = arena.allocate(16, 8);
      whole.set(JAVA_SHORT, 0, (short) program.size());
      whole.set(ADDRESS, 8, filter);
      system(machine.prctl(), NO_NEW_PRIVILEGES, 1, 0);
      system(machine.seccomp(), SET_FILTER, FOR_ALL_THREADS, whole.address());
    }
  }

  private List<Instruction> program(Machine machine, List<Integer> database) {
    int hit = this == DATABASE ? FAIL_WITH_EIO : ALLOW;
    int miss = this == DATABASE ? ALLOW : FAIL_WITH_EIO;
    int files = database.size();
    List<Instruction> program = new ArrayList<>();
    // Jumps count from the next instruction; the last three are: miss, hit, allow.
    program.add(new Instruction(LOAD_WORD, 0, 0, MACHINE_AT));
    program.add(new Instruction(JUMP_IF_EQUAL, 0, files + 6, machine.name()));
    program.add(new Instruction(LOAD_WORD, 0, 0, NUMBER_AT));
    program.add(new Instruction(JUMP_IF_EQUAL, 1, 0, machine.fsync()));
    program.add(new Instruction(JUMP_IF_EQUAL, 0, files + 3, machine.fdatasync()));
    program.add(new Instruction(LOAD_WORD, 0, 0, FIRST_ARGUMENT_AT));
    for (int i = 0; i < files; i++) {
      program.add(new Instruction(JUMP_IF_EQUAL, files - i, 0, database.get(i)));
    }
    program.add(new Instruction(RETURN, 0, 0, miss));
    program.add(new Instruction(RETURN, 0, 0, hit));
    program.add(new Instruction(RETURN, 0, 0, ALLOW));
    return program;
  }

  private static List<Integer> openFilesOfTheDatabase() throws IOException {
    List<Integer> files = new ArrayList<>();
    try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path file : open) {
        // The folder's own descriptor is among them, and leads nowhere any more.
        if (Files.isSymbolicLink(file)
            && Files.readSymbolicLink(file).toString().contains("/moongate.db")) {
          files.add(Integer.valueOf(file.getFileName().toString()));
        }
      }
    }
    if (files.isEmpty()) {
      throw new IllegalStateException("the database is not open");
    }
    return files;
  }

  @SuppressWarnings("restricted") // no other way leads to the kernel
  private static void system(long number, long a, long b, long c) {
    Linker linker = Linker.nativeLinker();
    MethodHandle call =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(
                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    long result;
    try {
      result = (long) call.invokeExact(number, a, b, c, 0L, 0L);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    if (result != 0) {
      throw new IllegalStateException("system call " + number + " answered " + result);
    }
  }
}
