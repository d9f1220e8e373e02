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

bonafide_precompile(bonafide_torch_pch HEADERS <torch/torch.h> LINK ${TORCH_LIBRARIES})

function(bonafide_use_torch target scope)
  target_link_libraries(${target} ${scope} ${TORCH_LIBRARIES})
  bonafide_use_precompiled(${target} bonafide_torch_pch)
  set_property(TARGET ${target} PROPERTY JOB_POOL_COMPILE torch_compile)
endfunction()
