#pragma once

#include "corpus/corpus.h"

namespace bonafide {

// One function per file of this folder: what is said of the data set, and how it is read.
Corpus describe_add2022();
Corpus describe_add2023();
Corpus describe_asvspoof2015();
Corpus describe_asvspoof2017();
Corpus describe_asvspoof2019_la();
Corpus describe_asvspoof2019_la_sasv();
Corpus describe_asvspoof2019_pa();
Corpus describe_asvspoof2021_df();
Corpus describe_asvspoof2021_la();
Corpus describe_asvspoof2021_pa();
Corpus describe_asvspoof5();
Corpus describe_asvspoof5_track2();
Corpus describe_cd_add();
Corpus describe_cfad();
Corpus describe_cm_list();
Corpus describe_codecfake();
Corpus describe_dfadd();
Corpus describe_fake_or_real();
Corpus describe_habla();
Corpus describe_in_the_wild();
Corpus describe_kaldi();
Corpus describe_librisevoc();
Corpus describe_m_ailabs();
Corpus describe_manifest();
Corpus describe_minicorpus();
Corpus describe_mlaad();
Corpus describe_morphing();
Corpus describe_musan();
Corpus describe_pairs();
Corpus describe_partialspoof();
Corpus describe_rirs_noises();
Corpus describe_shards();
Corpus describe_sonar();
Corpus describe_spoofceleb();
Corpus describe_voxceleb1();
Corpus describe_voxceleb2();
Corpus describe_wavefake();

}  // namespace bonafide
