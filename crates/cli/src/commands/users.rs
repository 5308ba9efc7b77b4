use std::io::{BufRead as _, IsTerminal as _, Write as _};

use anyhow::Context as _;
use dateline::collect::Instant;
use dateline_desk::Role;
use dateline_desk::accounts::{Accounts, Scopes};

use super::case::{folder, who, write_json};
use crate::case_args::Shape;
use crate::exit::{Outcome, Usage};
use crate::printer::Printer;
use crate::users_args::{RoleName, ScopeName, Users, UsersAction};

/// Shows or changes the accounts of a case's desk.
pub(crate) fn run(args: &Users, printer: &Printer) -> anyhow::Result<Outcome> {
    let dir = folder(&args.by)?;
    let accounts = Accounts::open(&dir).with_context(|| format!("can't open the accounts in {}", dir.display()))?;
    let by = who(args.by.by.as_deref());
    match &args.action {
        None | Some(UsersAction::List) => return list(&accounts, args.format, printer),
        Some(UsersAction::Log) => return log(&accounts, args.format, printer),
        Some(UsersAction::Add { name, role }) => accounts.add(name, self::role(*role), &password(name)?, &by)?,
        Some(UsersAction::Role { name, role }) => accounts.set_role(name, self::role(*role), &by)?,
        Some(UsersAction::Password { name }) => {
            // Nobody types a password for an account that is not there.
            accounts.account(name)?;
            accounts.set_password(name, &password(name)?, &by)?;
        }
        Some(UsersAction::ShutOut { name }) => accounts.shut_out(name, true, &by)?,
        Some(UsersAction::LetIn { name }) => accounts.shut_out(name, false, &by)?,
        Some(UsersAction::Token { account, name, scopes, days }) => {
            let scopes = Scopes::of(scopes.iter().map(|scope| self::scope(*scope)))?;
            let account = account.as_deref().map(|name| accounts.account(name)).transpose()?.map(|account| account.name);
            let token = accounts.make_token(account.as_deref(), name, &scopes, *days, &by)?;
            let mut out = printer.data(None)?;
            writeln!(out, "{token}")?;
            out.flush()?;
            printer.note("this is shown once; send it as `Authorization: Bearer …`");
        }
    }
    Ok(Outcome::Done)
}

fn role(name: RoleName) -> Role {
    match name {
        RoleName::Reader => Role::Reader,
        RoleName::Coder => Role::Coder,
        RoleName::Editor => Role::Editor,
        RoleName::Admin => Role::Admin,
    }
}

fn scope(name: ScopeName) -> &'static str {
    match name {
        ScopeName::Read => "read",
        ScopeName::Review => "review",
        ScopeName::Add => "add",
        ScopeName::Names => "names",
    }
}

/// A new password: typed twice where somebody sits at a terminal, else the first line of stdin.
fn password(name: &str) -> anyhow::Result<String> {
    if !std::io::stdin().is_terminal() {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).context("can't read the password from stdin")?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    let ask = |prompt: String| rpassword::prompt_password(prompt).context("can't ask for the password");
    let password = ask(format!("Password for {name} (at least {} characters): ", dateline_desk::accounts::SHORTEST_PASSWORD))?;
    if ask("The same again: ".to_owned())? != password {
        return Err(Usage("the two are not the same".to_owned()).into());
    }
    Ok(password)
}

fn at(seconds: i64) -> String {
    Instant::from_unix(seconds).map(|instant| instant.to_string()).unwrap_or_default()
}

fn list(accounts: &Accounts, format: Shape, printer: &Printer) -> anyhow::Result<Outcome> {
    let all = accounts.all()?;
    let mut out = printer.data(None)?;
    match format {
        Shape::Text => {
            for account in &all {
                let state = if account.shut_out { " · shut out" } else { "" };
                writeln!(out, "{}  {} · made {}{state}", account.name, account.role.as_str(), at(account.made))?;
            }
        }
        shape => {
            let rows: Vec<serde_json::Value> = all
                .iter()
                .map(|account| {
                    serde_json::json!({ "name": account.name, "role": account.role.as_str(), "shut_out": account.shut_out, "made": at(account.made) })
                })
                .collect();
            write_json(&mut out, shape, &rows, &rows)?;
        }
    }
    out.flush()?;
    Ok(if all.is_empty() { Outcome::Wanting } else { Outcome::Done })
}

fn log(accounts: &Accounts, format: Shape, printer: &Printer) -> anyhow::Result<Outcome> {
    let lines = accounts.log(1_000)?;
    let mut out = printer.data(None)?;
    match format {
        Shape::Text => {
            for line in &lines {
                writeln!(out, "{}  {}: {}", at(line.at), line.by, dateline::render::visible(&line.what))?;
            }
        }
        shape => {
            let rows: Vec<serde_json::Value> =
                lines.iter().map(|line| serde_json::json!({ "at": at(line.at), "by": line.by, "what": line.what })).collect();
            write_json(&mut out, shape, &rows, &rows)?;
        }
    }
    out.flush()?;
    Ok(Outcome::Done)
}
