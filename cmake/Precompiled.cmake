# bonafide_precompile(NAME HEADERS HEADER... [LINK LIBRARY...] [OPTIONS OPTION...])
#
# Compiles the headers once for all targets that bonafide_use_precompiled() names, which must be
# compiled with the same options. The source is written once: a new time stamp would rebuild it.
function(bonafide_precompile name)
  cmake_parse_arguments(PCH "" "" "HEADERS;LINK;OPTIONS" ${ARGN})
  set(source ${PROJECT_BINARY_DIR}/${name}.cpp)
  if(NOT EXISTS ${source})
    file(WRITE ${source} "")
  endif()
  add_library(${name} OBJECT ${source})
  target_link_libraries(${name} PUBLIC ${PCH_LINK} PRIVATE bonafide_flags)
  target_compile_options(${name} PRIVATE ${PCH_OPTIONS} ${bonafide_pch_option})
  target_precompile_headers(${name} PRIVATE ${PCH_HEADERS})
endfunction()

function(bonafide_use_precompiled target name)
  target_compile_options(${target} PRIVATE ${bonafide_pch_option})
  target_precompile_headers(${target} REUSE_FROM ${name})
endfunction()

# Lets ccache see through the header. Where none is made (the fuzz preset), units must name all that
# they use.
if(NOT CMAKE_DISABLE_PRECOMPILE_HEADERS)
  set(bonafide_pch_option -fpch-preprocess)
endif()

set(common <algorithm> <filesystem> <fmt/format.h> <fstream> <functional> <map> <memory> <optional>
           <span> <string> <vector>)
bonafide_precompile(bonafide_pch HEADERS ${common} LINK fmt::fmt)
if(BONAFIDE_TESTS)
  # Tests compile in 60 % of the time without optimisation.
  bonafide_precompile(bonafide_test_pch HEADERS ${common} <gtest/gtest.h>
                      LINK fmt::fmt GTest::gtest OPTIONS -O0)
endif()
