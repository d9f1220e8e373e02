# Codec libraries that a build can do without: `bonafide doctor` says which are there. None of them is
# under the GPL.
add_library(bonafide_codecs INTERFACE)

# bonafide_codec(DEFINITION MODULE...): links the pkg-config modules when all of them are there.
function(bonafide_codec definition)
  pkg_check_modules(${definition} IMPORTED_TARGET ${ARGN})
  if(${definition}_FOUND)
    target_link_libraries(bonafide_codecs INTERFACE PkgConfig::${definition})
    target_compile_definitions(bonafide_codecs INTERFACE ${definition})
  endif()
endfunction()

bonafide_codec(BONAFIDE_AMR_NB opencore-amrnb)
bonafide_codec(BONAFIDE_AMR_WB opencore-amrwb vo-amrwbenc)
bonafide_codec(BONAFIDE_OPUS opus)
