//! Links of earlier versions still mean what they meant: `links.txt` keeps their spellings.

use super::Experiment;
use crate::labs::Setting;
use crate::report::HostKind;

const LINKS: &str = include_str!("links.txt");
const SETTING: Setting = Setting { host: HostKind::Browser, logical_cores: 4, quick: false };

/// A link's fields, as a browser's `URLSearchParams` reads them.
fn read(link: &str) -> Experiment {
    let fields: Vec<_> = form_urlencoded::parse(link.trim_start_matches('#').as_bytes()).collect();
    let fields = fields.iter().map(|(name, text)| (&**name, &**text));
    Experiment::from_fields(&SETTING, fields).unwrap_or_else(|error| panic!("{link}: {error}"))
}

/// Links, each with the fields that it sets.
fn corpus() -> Vec<(&'static str, Vec<(&'static str, String)>)> {
    let mut corpus: Vec<(_, Vec<_>)> = Vec::new();
    for line in LINKS.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")) {
        match line.strip_prefix("    ") {
            None => corpus.push((line, Vec::new())),
            Some(fields) => corpus.last_mut().expect("a link comes first").1.extend(fields.split(' ').map(|field| {
                let (name, text) = field.split_once('=').expect("name=value");
                (name, text.replace('_', " "))
            })),
        }
    }
    corpus
}

#[test]
fn every_link_of_an_earlier_version_still_means_what_it_meant() {
    let corpus = corpus();
    assert!(corpus.len() > 15, "{}", corpus.len());
    for (link, set) in corpus {
        let experiment = read(link);
        assert_eq!(experiment.validate(32), Ok(()), "{link}");
        let of = |name: &str| set.iter().find(|(set, _)| *set == name).map(|(_, text)| text.as_str());
        // What it does not set is as in its lab, on its workload.
        let own: Vec<_> = ["lab", "workload"].into_iter().filter_map(|name| Some((name, of(name)?))).collect();
        let own = Experiment::from_fields(&SETTING, own).unwrap();
        let mut expected = own.fields();
        expected.retain(|(name, _)| of(name).is_none());
        expected.extend(set.iter().map(|(name, text)| (*name, text.clone())));
        let mut fields = experiment.fields();
        expected.sort();
        fields.sort();
        assert_eq!(fields, expected, "{link}");
    }
}
