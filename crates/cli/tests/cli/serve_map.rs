//! The events page with its timeline and map, served by the built binary.

use crate::case::sample;
use crate::serve::serve_with;
use crate::support::dateline;

/// The value of the first such attribute after a text.
fn after<'a>(page: &'a str, text: &str, attribute: &str) -> &'a str {
    let rest = page.split_once(text).unwrap_or_else(|| panic!("no `{text}` in {page}")).1;
    rest.split_once(&format!("{attribute}=\"")).unwrap().1.split_once('"').unwrap().0
}

/// What the page says there are.
fn total(page: &str) -> &str {
    page.split_once("id=\"total\"").unwrap().1.split_once('>').unwrap().1.split_once("</p>").unwrap().0
}

#[test]
fn bars_narrow_the_list_and_the_whole_time_widens_it() {
    let case = sample();
    let desk = serve_with(case.path(), &[]);
    let page = desk.get("/events?sort=reports").is(200).body;
    let all = total(&page).to_owned();
    let bar = after(&page, "<svg", "href").replace("&amp;", "&");
    let events: u32 = after(&page, "<svg", "data-count").parse().unwrap();
    assert!(bar.contains("from=") && bar.contains("to=") && bar.contains("sort=reports"), "{bar}");
    let narrow = desk.get(&bar).is(200).body;
    let said = if events == 1 { "1 event".to_owned() } else { format!("{events} events") };
    assert_eq!(total(&narrow), said, "as many as the bar says");
    assert_eq!(narrow.matches("<li><article class=\"event\">").count(), events as usize);
    assert!(narrow.contains("class=\"brush\""), "the chosen time is seen among the rest");
    let whole = narrow.split("href=\"").find(|link| link.contains(">Whole time")).unwrap().split('"').next().unwrap();
    assert_eq!(whole, "/events?sort=reports");
    assert_eq!(total(&desk.get(whole).is(200).body), all);
    let closer = desk.get(&format!("{bar}&closer=time")).is(200).body;
    let bars = |page: &str| {
        page.split("data-count=\"").skip(1).filter_map(|rest| rest.split('"').next()?.parse::<u32>().ok()).sum::<u32>()
    };
    assert_eq!(bars(&closer), events, "closer, only the chosen time is drawn");
}

#[test]
fn the_map_view_works_without_scripts() {
    let case = sample();
    let desk = serve_with(case.path(), &[]);
    let page = desk.get("/events?view=map&sort=reports").is(200).body;
    assert!(page.contains("aria-current=\"page\">Map"), "{page}");
    let bounds: Vec<f64> = after(&page, "id=\"mapped\"", "data-bounds").split(',').map(|part| part.parse().unwrap()).collect();
    assert!(bounds.len() == 4 && bounds[0] <= bounds[2] && bounds[1] <= bounds[3], "{bounds:?}");
    let list = after(&page, "<th scope=\"row\">", "href").replace("&amp;", "&");
    assert!(list.contains("place=") && !list.contains("view=map"), "{list}");
    let number: u32 = page
        .split_once("<th scope=\"row\">")
        .unwrap()
        .1
        .split_once("\"number\">")
        .unwrap()
        .1
        .split('<')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert!(number > 0);
    let narrow = desk.get(&list).is(200).body;
    assert_eq!(
        narrow.matches("<li><article class=\"event\">").count(),
        number as usize,
        "{list} shows as many as the table says"
    );
    // The same place beside the map.
    let place = list.split("place=").nth(1).unwrap().split('&').next().unwrap();
    let country = list.split("country=").nth(1).map_or("", |rest| rest.split('&').next().unwrap());
    let beside = desk.get(&format!("/events?view=map&here={place}%2C{country}")).is(200).body;
    assert_eq!(beside.matches("<li><article class=\"event\">").count(), number.min(10) as usize);
    // Scripts and styles of the map are brought in here only.
    let script = page.split("src=\"").find(|path| path.starts_with("/assets/map.")).unwrap().split('"').next().unwrap();
    assert!(desk.get(script).is(200).header("content-type").unwrap().starts_with("text/javascript"));
    assert!(!desk.get("/").is(200).body.contains("/assets/map."));
    let world = desk.get(after(&page, "id=\"mapped\"", "data-world")).is(200);
    assert_eq!(world.header("content-type"), Some("application/json"));
    assert!(world.header("cache-control").unwrap().contains("immutable"));
    assert!(desk.get("/assets/map-licences.txt").is(200).body.contains("Natural Earth"));
}

#[test]
fn several_types_and_statuses_stay_chosen() {
    let case = sample();
    let desk = serve_with(case.path(), &[]);
    let page = desk.get("/events?type=ASSAULT&type=COERCE&status=contested&status=single-source").is(200).body;
    for value in ["ASSAULT", "COERCE", "contested", "single-source"] {
        assert!(page.contains(&format!("value=\"{value}\" checked")), "{value}");
    }
    assert_eq!(page.matches(" checked").count(), 4);
    assert!(page.contains("Type: ASSAULT, COERCE") && page.contains("Status: contested, single source"), "{page}");
}

#[test]
fn pictures_come_from_a_tile_server_only_when_one_is_named() {
    let case = sample();
    let desk = serve_with(case.path(), &[]);
    let page = desk.get("/events?view=map").is(200);
    assert!(!page.body.contains("data-tiles"), "{}", page.body);
    assert!(page.header("content-security-policy").unwrap().contains("img-src 'self' data:;"));
    drop(desk);
    let tiles = ["--tiles", "https://tiles.example.org/{z}/{x}/{y}.png", "--tiles-credit", "<b>Tile \"makers\""];
    let desk = serve_with(case.path(), &tiles);
    let page = desk.get("/events?view=map").is(200);
    assert!(page.body.contains("data-tiles=\"https://tiles.example.org/{z}/{x}/{y}.png\""), "{}", page.body);
    assert!(page.body.contains("data-credit=\"&lt;b&gt;Tile &quot;makers&quot;\""), "{}", page.body);
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("img-src 'self' data: https://tiles.example.org;"), "{policy}");
    assert_eq!(policy.matches("example").count(), 1, "{policy}");
}

#[test]
fn err_what_is_no_tile_server_is_refused() {
    let case = sample();
    for (url, said) in [
        ("tiles.example.org/{z}/{x}/{y}.png", "no address with `http://` or `https://`"),
        ("https://tiles.example.org/{z}/{x}.png", "no `{y}` in its path"),
        ("https://a; script-src */{z}/{x}/{y}", "characters"),
    ] {
        let run =
            dateline(["serve", "--listen", "127.0.0.1:0", "--tiles", url, "--tiles-credit", "Somebody"]).dir(case.path()).run();
        assert!(run.stderr.contains(said), "{url}: {}", run.stderr);
        run.exits(2);
    }
    let run = dateline(["serve", "--listen", "127.0.0.1:0", "--tiles", "https://tiles.example.org/{z}/{x}/{y}.png"])
        .dir(case.path())
        .run();
    assert!(run.stderr.contains("--tiles-credit"), "{}", run.stderr);
    run.exits(2);
}
