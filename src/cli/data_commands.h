#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "corpus/check.h"

namespace bonafide {

// One function per file data_NAME_command.cpp: a subcommand of "bonafide data".
std::function<int()> declare_data_check(CLI::App& app);
std::function<int()> declare_data_list(CLI::App& app);
std::function<int()> declare_data_manifest(CLI::App& app);

// The arguments by which subcommands name a data set.
struct CorpusArguments {
  std::string corpus;
  std::string root;
};
void add_corpus_arguments(CLI::App& app, CorpusArguments& arguments);

// Partitions with their numbers of recordings, as a table on standard output.
void print_counts(const std::vector<PartCounts>& parts);

}  // namespace bonafide
