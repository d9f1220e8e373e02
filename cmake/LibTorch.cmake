# Debian's LibTorch, or an upstream one named by CMAKE_PREFIX_PATH.
set(torch_standard ${CMAKE_CXX_STANDARD})
find_package(Torch REQUIRED)
set(CMAKE_CXX_STANDARD ${torch_standard})

# A LibTorch unit takes more than a gigabyte to compile.
cmake_host_system_information(RESULT memory_mb QUERY TOTAL_PHYSICAL_MEMORY)
math(EXPR torch_jobs "${memory_mb} / 2000")
if(torch_jobs LESS 1)
  set(torch_jobs 1)
endif()
set_property(GLOBAL APPEND PROPERTY JOB_POOLS torch_compile=${torch_jobs})

# The precompiled torch/torch.h that every LibTorch unit reuses. Its source is written once: a new
# time stamp would rebuild it.
if(NOT EXISTS ${PROJECT_BINARY_DIR}/torch_pch.cpp)
  file(WRITE ${PROJECT_BINARY_DIR}/torch_pch.cpp "")
endif()
add_library(bonafide_torch_pch OBJECT ${PROJECT_BINARY_DIR}/torch_pch.cpp)
target_link_libraries(bonafide_torch_pch PUBLIC ${TORCH_LIBRARIES} PRIVATE bonafide_flags)
target_precompile_headers(bonafide_torch_pch PRIVATE <torch/torch.h>)
target_compile_options(bonafide_torch_pch PRIVATE -fpch-preprocess)

function(bonafide_use_torch target scope)
  target_link_libraries(${target} ${scope} ${TORCH_LIBRARIES})
  target_precompile_headers(${target} REUSE_FROM bonafide_torch_pch)
  target_compile_options(${target} PRIVATE -fpch-preprocess)
  set_property(TARGET ${target} PROPERTY JOB_POOL_COMPILE torch_compile)
endfunction()
