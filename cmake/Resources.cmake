# Files that travel inside the programs: every recipe, and the built-in detector.
# base/resource.h reads them by their path in the repository.
function(bonafide_resources)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}
       ${PROJECT_SOURCE_DIR}/recipes/*.yaml ${PROJECT_SOURCE_DIR}/models/*.safetensors)
  set(assembly ".section .rodata\n")
  set(table "")
  set(declarations "")
  set(index 0)
  foreach(file IN LISTS files)
    string(APPEND assembly ".global bonafide_resource_${index}\n.global bonafide_resource_${index}_end\n"
           ".balign 64\nbonafide_resource_${index}:\n.incbin \"${PROJECT_SOURCE_DIR}/${file}\"\n"
           "bonafide_resource_${index}_end:\n.byte 0\n")
    string(APPEND declarations "extern \"C\" const char bonafide_resource_${index}[];\n"
           "extern \"C\" const char bonafide_resource_${index}_end[];\n")
    string(APPEND table "    {\"${file}\", {bonafide_resource_${index}, bonafide_resource_${index}_end}},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  string(APPEND assembly ".section .note.GNU-stack,\"\",%progbits\n")
  set(directory ${PROJECT_BINARY_DIR}/resources)
  file(CONFIGURE OUTPUT ${directory}/data.S CONTENT "${assembly}" @ONLY)
  file(CONFIGURE OUTPUT ${directory}/table.cpp CONTENT
"#include \"base/resource.h\"

${declarations}
namespace bonafide {

const std::vector<Resource>& resources() {
  static const std::vector<Resource> table = {
${table}  };
  return table;
}

}  // namespace bonafide
" @ONLY)
  list(TRANSFORM files PREPEND ${PROJECT_SOURCE_DIR}/)
  set_source_files_properties(${directory}/data.S PROPERTIES OBJECT_DEPENDS "${files}")
  target_sources(bonafide_base PRIVATE ${directory}/data.S ${directory}/table.cpp)
endfunction()
