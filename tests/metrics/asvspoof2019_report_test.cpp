#include "metrics/asvspoof2019_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "base/file.h"
#include "error_text.h"
#include "metrics/golden.h"
#include "scratch.h"

namespace bonafide {
namespace {

const std::filesystem::path kGolden = golden_directory();

struct GoldenReport {
  const char* cm;
  const char* asv;
  const char* expected;
};

class OfficialReport : public testing::TestWithParam<GoldenReport> {};

TEST_P(OfficialReport, IsReproducedByteForByte) {
  const auto& [cm, asv, expected] = GetParam();
  if (!std::filesystem::exists(kGolden / cm)) GTEST_SKIP() << "no " << kGolden / cm;

  const auto report = asvspoof2019_report(kGolden / cm, kGolden / asv);

  EXPECT_EQ(report.text, read_text(kGolden / expected));
}

INSTANTIATE_TEST_SUITE_P(Golden, OfficialReport,
                         testing::Values(GoldenReport{"aasist/report_a_cm.txt",
                                                      "aasist/report_a_asv.txt",
                                                      "aasist/report_a_expected.txt"},
                                         GoldenReport{"metrics/asvspoof2019/cm_scores.txt",
                                                      "metrics/asvspoof2019/asv_scores.txt",
                                                      "metrics/asvspoof2019/expected.txt"}));

class SmallReport : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& name, const std::string& text) {
    const auto path = folder_ / name;
    std::ofstream(path) << text;
    return path;
  }

  const Scratch folder_;
  const std::filesystem::path asv_ = write("report2019_asv.txt",
                                           "- target 3\n- target 2\n- nontarget -1\n"
                                           "- nontarget -2\nA07 spoof 2.5\nA07 spoof -3\n");
};

TEST_F(SmallReport, BreaksTheEqualErrorRateDownByAttack) {
  const auto cm = write("report2019_cm.txt",
                        "u1 - bonafide 2\nu2 - bonafide 1\nu3 A07 spoof 0\nu4 A08 spoof 3\n");

  const auto report = asvspoof2019_report(cm, asv_, {.attacks = {"A07", "A08"}, .costs = {}});

  EXPECT_EQ(report.text,
            "\nCM SYSTEM\n\tEER\t\t= 50.000000000 % (Equal error rate for countermeasure)\n"
            "\nTANDEM\n\tmin-tDCF\t\t= 0.500000000\n"
            "\nBREAKDOWN CM SYSTEM\n"
            "\tEER A07\t\t= 0.000000000 % (Equal error rate for A07\n"
            "\tEER A08\t\t= 100.000000000 % (Equal error rate for A08\n");
}

TEST_F(SmallReport, NamesFileAndLineOfABrokenScore) {
  const auto cm = write("report2019_broken.txt", "u1 - bonafide 2\n\nu2 A07 spoof 1.2.3\n");

  EXPECT_THAT(error_text<UsageError>([&] { asvspoof2019_report(cm, asv_); }),
              testing::HasSubstr("report2019_broken.txt: line 3: \"1.2.3\" is no score"));
}

TEST_F(SmallReport, NamesUtterancesThatStandTwice) {
  const auto cm = write("report2019_twice.txt",
                        "u1 - bonafide 2\nu2 A07 spoof 1\nu3 A07 spoof 0\n\nu2 A07 spoof 1\n");

  EXPECT_THAT(error_text<UsageError>([&] { asvspoof2019_report(cm, asv_); }),
              testing::HasSubstr("report2019_twice.txt: 1 trials stand twice: u2 (line 5)"));
}

TEST_F(SmallReport, RefusesAnUnknownKey) {
  const auto cm = write("report2019_key.txt", "u1 - genuine 2\n");

  EXPECT_THROW(asvspoof2019_report(cm, asv_), UsageError);
}

TEST_F(SmallReport, RefusesAMissingClass) {
  const auto cm = write("report2019_class.txt", "u1 - bonafide 2\n");

  EXPECT_THROW(asvspoof2019_report(cm, asv_), Error);
}

}  // namespace
}  // namespace bonafide
