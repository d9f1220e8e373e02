#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace bonafide {

// Throws UsageError where `output` is one of the inputs, by whatever names: what is to be read must
// not be written over. "" is no file. `command` goes into the message.
void expect_no_input(std::string_view command, const std::filesystem::path& output,
                     std::span<const std::string> inputs);

}  // namespace bonafide
