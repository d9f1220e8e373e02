# Flags of our own code. Warnings are errors; headers of others are SYSTEM and stay silent.
add_library(bonafide_flags INTERFACE)
target_compile_options(bonafide_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                                -Werror)
# Ships on any x86-64 of the last ten years; elsewhere the compiler's default.
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  target_compile_options(bonafide_flags INTERFACE -march=x86-64-v2)
endif()
if(BONAFIDE_SANITIZE)
  target_compile_options(bonafide_flags INTERFACE -fsanitize=address,undefined
                                                  -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(bonafide_flags INTERFACE -fsanitize=address,undefined)
endif()
if(BONAFIDE_FUZZ)
  # libFuzzer steers by the branches taken in the rooms, not only in the targets.
  target_compile_options(bonafide_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # Without this sloppiness ccache refuses every unit that uses a precompiled header. The base folder
  # lets another clone of the repository use what this one has compiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env
      "CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime"
      "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" "CCACHE_NOHASHDIR=1" ${CCACHE_PROGRAM})
endif()

find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU"
   AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 12.1)
  add_link_options(-fuse-ld=mold)
endif()
