//! What is typed after `dateline users`.

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use crate::case_args::{By, Shape};

const USERS_EXAMPLES: &str = "\
Examples:
  dateline users add Ann --role admin
      Asks for the password; from a script: ... add Ann --role admin < password.txt
  dateline serve --users
      The desk, with accounts
  dateline users token Ann --name 'nightly export' --scope read
      Prints a token for a program, this once
  dateline users token --name ingest --scope read --scope add
      The same for a desk without accounts";

/// Who may come in to the desk (`dateline serve --users`), and tokens for programs
///
/// Accounts stand in desk.db beside the case, apart from the record. A reader looks; a coder also brings reports in and decides; an
/// editor also sees and releases names of protected persons and sets sources; an admin also says who may do what.
#[derive(Debug, ClapArgs)]
#[command(after_help = USERS_EXAMPLES, args_conflicts_with_subcommands = true)]
pub(crate) struct Users {
    #[command(subcommand)]
    pub(crate) action: Option<UsersAction>,
    /// How to show them
    #[arg(long, short, value_name = "FORMAT", default_value = "text", global = true)]
    pub(crate) format: Shape,
    #[command(flatten)]
    pub(crate) by: By,
}

#[derive(Debug, Subcommand)]
pub(crate) enum UsersAction {
    /// All accounts (the default)
    List,
    /// Make an account; the password is asked for, or read from stdin
    Add {
        /// Its name, under which decisions are made
        name: String,
        /// What it may do
        #[arg(long)]
        role: RoleName,
    },
    /// Give an account another role
    Role {
        /// Its name
        name: String,
        /// What it may do
        role: RoleName,
    },
    /// Give an account another password
    Password {
        /// Its name
        name: String,
    },
    /// Shut an account out, its tokens too
    ShutOut {
        /// Its name
        name: String,
    },
    /// Let an account in again
    LetIn {
        /// Its name
        name: String,
    },
    /// Make a token for a program, and print it
    Token {
        /// The account that it stands for; none on a desk without accounts
        account: Option<String>,
        /// What it is for
        #[arg(long)]
        name: String,
        /// What it may be used to (may be given several times)
        #[arg(long = "scope", required = true)]
        scopes: Vec<ScopeName>,
        /// Days that it lives
        #[arg(long, default_value_t = 90)]
        days: u32,
    },
    /// What was done to accounts, newest first
    Log,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RoleName {
    /// Looks, searches, exports
    Reader,
    /// Also brings reports in, decides, codes
    Coder,
    /// Also sees and releases names of protected persons, sets sources
    Editor,
    /// Also says who may do what
    Admin,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScopeName {
    /// Ask for events, reports, sources, exports and news
    Read,
    /// Decide, code reports, set sources
    Review,
    /// Bring reports in
    Add,
    /// See the names of protected persons
    Names,
}
